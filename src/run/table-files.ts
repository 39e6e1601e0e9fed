/** Tables of runs by kind of scan. */
export const TABLE_FILES = {
  windows: 'windows.parquet',
  spectrum: 'hypotheses.parquet',
  bias: 'bias.parquet',
} as const;
