/** Entry of the worker that throws toys. */
import { expose } from 'comlink';
import { ToysService } from './toys.ts';

expose(new ToysService());
