/** Facts that the help of the page lists. */

/** The gpuweb wiki, Implementation Status, 8 April 2026; README.md says the same. */
export const BROWSERS_WITH_GPU = [
  'Chrome and Edge 113 and later on Windows (not on ARM), macOS and ChromeOS, 121 and later on Android',
  'on Linux: Intel of generation 12 and later since 144, NVIDIA with driver 535.183 and later since 147, AMD only behind a flag',
  'Safari 26 and later',
  'Firefox 141 and later on Windows, 145 on Apple silicon with macOS 26, 147 on all Apple silicon; on Linux only Nightly',
] as const;

export interface KeyHelp {
  readonly where: string;
  readonly key: string;
  readonly does: string;
}

export const KEYS: readonly KeyHelp[] = [
  { where: 'anywhere', key: 'Ctrl+Enter, Cmd+Enter', does: 'scans the card' },
  { where: 'anywhere', key: '?', does: 'opens this help' },
  { where: 'map', key: 'arrows', does: 'pin the neighbouring window' },
  { where: 'map', key: 'Shift+arrows', does: 'move the map' },
  { where: 'map', key: '+, -, 0', does: 'zoom, zoom out, show all' },
  { where: 'charts', key: 'Left, Right, Page Up, Page Down, Home, End', does: 'choose a window or hypothesis' },
  { where: 'charts', key: '+, -, 0', does: 'zoom, zoom out, show all' },
  { where: 'table', key: 'Up, Down, Page Up, Page Down, Home, End', does: 'choose a row' },
  { where: 'table', key: 'Enter', does: 'pins the row' },
  { where: 'map, charts, table', key: 'Esc', does: 'lets go of what is pinned' },
];
