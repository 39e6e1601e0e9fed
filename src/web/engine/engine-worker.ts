/** Entry of the worker that holds the engine. */
import { expose } from 'comlink';
import { EngineService } from './service.ts';

expose(new EngineService());
