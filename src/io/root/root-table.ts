/**
 * ROOT TTree -> columns. Keys, directories and the tree object are read by jsroot's I/O core (jsroot.generated.js,
 * made by scripts/bundle-root.mjs); baskets are read here, because jsroot ends silently where a file is damaged.
 */
import { DarkscanError, isDarkscanError } from '../../errors.ts';
import { checkSize, damaged, failMissingColumn, tableOfColumns, type Table, type TableLimits } from '../table.ts';
import type { ColumnInfo, OpenTable, TableOptions } from '../table-file.ts';
import { readLeaf } from './baskets.ts';
import {
  openFile,
  setUnzip,
  type RootBranch,
  type RootFile,
  type RootLeaf,
  type RootTree,
} from './jsroot.generated.js';
import { scalarOf, type Scalar } from './scalars.ts';
import { chooseTree, listTrees, type TreeKey } from './trees.ts';
import { unzip } from './unzip.ts';

/** A tree object, or the class descriptions of a file, unpacked; real ones are below 10 MB. */
const MAX_OBJECT_BYTES = 512 * 1024 ** 2;

setUnzip((packed, size, _quiet, shift = 0) => {
  if (!(size >= 0 && size <= MAX_OBJECT_BYTES)) throw new Error(`an object claims ${size} bytes`);
  const bytes = new Uint8Array(packed.buffer, packed.byteOffset + shift, packed.byteLength - shift);
  return new DataView(unzip(bytes, size).buffer);
});

/** A column, and where its values are: leaf of a branch. */
interface Column extends ColumnInfo {
  readonly branch: RootBranch;
  readonly place?: { readonly scalar: Scalar; readonly stride: number; readonly offset: number };
}

/**
 * Opens one tree.
 * Errors: kind data (damaged, truncated, no such tree), kind resource (too large).
 */
export async function openRootTable(
  bytes: Uint8Array,
  source: string,
  { tree: wantedTree, anyTree }: TableOptions,
  limits: TableLimits,
): Promise<OpenTable> {
  const file = await openChecked(bytes, source);
  const trees = await orDamaged(source, () => listTrees(file));
  const chosen = chooseTree(trees, wantedTree ?? (anyTree ? trees[0]?.name : undefined), source);
  const tree = await readTree(file, chosen, source);
  const columns = await orDamaged(source, async () => columnsOf(tree));
  const nRows = tree.fEntries;
  checkSize(nRows, 0, limits, source);
  const read = async (wanted: readonly string[]): Promise<Table> => {
    checkSize(nRows, wanted.length, limits, source);
    const found = wanted.map((name) => findColumn(columns, name, source));
    return orDamaged(source, async () => {
      const raw = found.map(({ name, branch, place }) => ({
        name,
        values: readLeaf(bytes, branch, place!, nRows, limits.maxBytes),
      }));
      return tableOfColumns(raw, nRows);
    });
  };
  return {
    description: {
      format: 'root',
      columns: columns.map(({ name, type, refusal }) => ({ name, type, refusal })),
      rowCount: nRows,
      tree: `${chosen.name};${chosen.cycle}`,
      trees: trees.map(({ name, cycle }) => `${name};${cycle}`),
    },
    read,
    readEach: async (wanted) => Promise.all(wanted.map((name) => read([name]))),
    close: async () => undefined,
  };
}

/** The file with its keys read. jsroot takes a whole buffer of its own. */
async function openChecked(bytes: Uint8Array, source: string): Promise<RootFile> {
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  const content = (isWhole && bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice()).buffer as ArrayBuffer;
  const end = claimedEnd(content);
  if (end === undefined || end > content.byteLength) {
    const found = end === undefined ? 'no room for its header' : `${content.byteLength} of ${end} bytes`;
    throw new DarkscanError('data', `${source}: ROOT file ends too early (${found}); fetch or make it again`);
  }
  return orDamaged(source, () => openFile(content));
}

/** Length of the file according to its header: 4 bytes, or 8 in files above 2 GB (version + 1 000 000). */
function claimedEnd(content: ArrayBuffer): number | undefined {
  if (content.byteLength < 64) return undefined;
  const view = new DataView(content);
  return view.getUint32(4) < 1_000_000 ? view.getUint32(12) : Number(view.getBigUint64(12));
}

async function readTree(file: RootFile, { name, cycle }: TreeKey, source: string): Promise<RootTree> {
  const tree = await orDamaged(source, () => file.readObject(name, cycle) as Promise<Partial<RootTree> | undefined>);
  if (typeof tree?.fEntries !== 'number' || !Array.isArray(tree.fBranches?.arr))
    throw damaged(source, 'ROOT', `tree '${name};${cycle}' has no branches`);
  return tree as RootTree;
}

/** Leaves of all branches; branches of branches as `parent/child`, several leaves of one branch as `branch.leaf`. */
function columnsOf(tree: RootTree): Column[] {
  const visit = (branches: readonly RootBranch[], path: string): Column[] =>
    branches.flatMap((branch) => [
      ...leafColumns(branch, path + branch.fName),
      ...visit(branch.fBranches.arr, `${path}${branch.fName}/`),
    ]);
  return visit(tree.fBranches.arr, '');
}

function leafColumns(branch: RootBranch, name: string): Column[] {
  const leaves = branch.fLeaves.arr;
  const isPlain = branch._typename === 'TBranch' && !branch.fFileName;
  const scalars = leaves.map((leaf) =>
    isPlain && isSingle(leaf) ? scalarOf(leaf._typename, leaf.fIsUnsigned) : undefined,
  );
  const stride = scalars.reduce((sum, scalar) => sum + (scalar?.bytes ?? NaN), 0);
  let offset = 0;
  return leaves.map((leaf, i) => {
    const column = leaves.length === 1 ? name : `${name}.${leaf.fName}`;
    const scalar = scalars[i];
    // one unreadable leaf hides where the others are
    if (scalar === undefined || Number.isNaN(stride))
      return { name: column, branch, type: scalar?.name ?? leaf._typename, refusal: refusalOf(branch, leaf) };
    const place = { scalar, stride, offset };
    offset += scalar.bytes;
    return { name: column, branch, type: scalar.name, place };
  });
}

function isSingle(leaf: RootLeaf): boolean {
  return leaf.fLen === 1 && !leaf.fLeafCount;
}

function refusalOf(branch: RootBranch, leaf: RootLeaf): string {
  if (branch.fFileName) return `lies in another file (${branch.fFileName})`;
  if (branch._typename !== 'TBranch') return 'holds objects';
  if (leaf._typename === 'TLeafC') return 'holds text';
  if (leaf.fLeafCount) return 'is an array of variable length';
  if (leaf.fLen !== 1) return `is an array of ${leaf.fLen}`;
  return scalarOf(leaf._typename, leaf.fIsUnsigned) === undefined
    ? `is a ${leaf._typename}`
    : 'shares its branch with leaves that are not read';
}

function findColumn(columns: readonly Column[], name: string, source: string): Column {
  const found = columns.filter((column) => column.name === name);
  const usable = columns.filter(({ refusal }) => refusal === undefined).map((column) => column.name);
  if (found.length === 0) failMissingColumn(name, usable, source);
  if (found.length > 1) throw new DarkscanError('data', `${source}: branch '${name}' is there twice; rename one`);
  const [column] = found;
  if (column.refusal !== undefined) {
    const allowed = usable.length > 0 ? `usable are ${usable.join(', ')}` : 'none in this tree is usable';
    throw new DarkscanError(
      'data',
      `${source}: branch '${name}' ${column.refusal}, expected one number per entry; ${allowed}`,
    );
  }
  return column;
}

/** Whatever goes wrong inside is the fault of the file. */
async function orDamaged<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isDarkscanError(cause)) throw cause;
    throw damaged(source, 'ROOT', cause instanceof Error ? cause.message : String(cause), cause);
  }
}
