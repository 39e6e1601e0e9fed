/** Entry of the worker that makes files. */
import { expose } from 'comlink';
import { FilesService } from './files-service.ts';

expose(new FilesService(async () => (await import('./png.ts')).loadPngRenderer()));
