/** Entry of the worker thread that parses one table. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createTableService } from '../io/table-service.ts';

expose(createTableService(), nodeEndpoint(parentPort!));
