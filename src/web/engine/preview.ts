/** What is in a data file, before its columns are chosen. */
import { DarkscanError } from '../../errors.ts';

export interface FilePreview {
  readonly name: string;
}

export async function previewFile(file: File, tree?: string): Promise<FilePreview> {
  throw new DarkscanError('internal', `internal: preview of ${file.name} ${tree ?? ''} is not there yet`);
}
