/** The parts of jsroot's objects that our reader uses; everything in a damaged file may differ from what is said here. */
export interface RootKey {
  readonly fName: string;
  readonly fClassName: string;
  readonly fCycle: number;
}

export interface RootDirectory {
  readonly fKeys: readonly RootKey[];
}

export interface RootFile extends RootDirectory {
  readonly fEND: number;
  readObject(name: string, cycle?: number): Promise<unknown>;
}

export interface RootList<T> {
  readonly arr: readonly T[];
}

export interface RootLeaf {
  readonly _typename: string;
  readonly fName: string;
  readonly fLen: number;
  readonly fIsUnsigned: boolean;
  readonly fLeafCount: object | null;
}

/** A basket kept inside the tree because it was never written on its own. */
export interface RootBasket {
  readonly fNevBuf: number;
  readonly fBufferRef?: { readonly arr: DataView; readonly length: number };
}

export interface RootBranch {
  readonly _typename: string;
  readonly fName: string;
  readonly fFileName?: string;
  readonly fEntries: number;
  readonly fLeaves: RootList<RootLeaf>;
  readonly fBranches: RootList<RootBranch>;
  readonly fBaskets: RootList<RootBasket | null>;
  readonly fBasketSeek: ArrayLike<number>;
  readonly fBasketBytes: ArrayLike<number>;
  readonly fBasketEntry: ArrayLike<number>;
}

export interface RootTree {
  readonly fEntries: number;
  readonly fBranches: RootList<RootBranch>;
}

/** Opens a file that lies in memory as a whole: reads keys and class descriptions. */
export function openFile(content: ArrayBuffer): Promise<RootFile>;

/** Sets what unpacks compressed objects: bytes from `shift` on to `size` bytes. */
export function setUnzip(
  unzip: (packed: DataView, size: number, quiet?: boolean, shift?: number) => DataView<ArrayBuffer>,
): void;
