/** Entry of the worker that parses one table. */
import { expose } from 'comlink';
import { createTableService } from '../../io/table-service.ts';

expose(createTableService());
