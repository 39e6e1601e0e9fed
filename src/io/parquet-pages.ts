/**
 * Checks the pages of a column chunk before hyparquet reads them: that they lie inside the file and add up to the rows
 * of the group, that what they unpack to is within the limits, and their checksums where they have one.
 */
import type { ColumnMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { crc32 } from './checksum.ts';

/**
 * @param nRows rows of the row group; a flat column has one value for each
 * Errors (plain): what does not add up.
 */
export function checkPages(file: Uint8Array, chunk: ColumnMetaData, nRows: number, maxBytes: number): void {
  const name = chunk.path_in_schema.join('.');
  const fail = (reason: string): never => {
    throw new Error(`column '${name}': ${reason}`);
  };
  if (Number(chunk.num_values) !== nRows) fail(`${chunk.num_values} values for ${nRows} rows`);
  const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const end = start + Number(chunk.total_compressed_size);
  if (!(start >= 4 && start <= end && end <= file.length)) fail('lies outside of the file');
  let nValues = 0;
  let unpackedBytes = 0;
  for (let at = start; nValues < nRows;) {
    if (at >= end) fail(`${nValues} values for ${nRows} rows`);
    const reader = { view: new DataView(file.buffer, file.byteOffset + at, end - at), offset: 0 };
    const header = parquetHeader(reader);
    const from = at + reader.offset;
    at = from + header.compressed_page_size;
    unpackedBytes += header.uncompressed_page_size;
    if (!(header.compressed_page_size >= 0 && at <= end)) fail('a page ends after its column');
    if (!(header.uncompressed_page_size >= 0 && unpackedBytes <= maxBytes)) fail(`unpacks to ${unpackedBytes} bytes`);
    if (header.crc !== undefined && header.crc >>> 0 !== crc32(file.subarray(from, at)))
      fail('checksum does not match');
    const dictionaryValues = header.dictionary_page_header?.num_values;
    // no value takes less than one bit
    if (dictionaryValues !== undefined && !(dictionaryValues <= header.uncompressed_page_size * 8))
      fail(`a dictionary claims ${dictionaryValues} values`);
    const { data_page_header: v1, data_page_header_v2: v2 } = header;
    if (header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2') nValues += v1?.num_values ?? v2?.num_rows ?? NaN;
    if (!(nValues <= nRows)) fail(`${nValues} values for ${nRows} rows`);
  }
}
