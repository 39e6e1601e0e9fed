/** What Node adds to the library: cores, worker threads and the `webgpu` package; files of a card; run directories. */
export { nodePlatform } from './platform.ts';
export { openRunDirectory, type RunDirectory, type RunDirectoryOptions } from './run-directory.ts';
export { saveRun } from './save-run.ts';
/** The files a card names: beside the card, then in the folders of DARKSCAN_DATA. */
export { dataFilesFromEnvironment as dataFiles, openDataFiles, type DataFilesOptions } from './data-files.ts';
