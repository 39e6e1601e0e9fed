/** Numbers as ROOT stores them: big-endian. Integers beyond 2^53 become the nearest double. */
export interface Scalar {
  readonly name: string;
  readonly bytes: number;
  get(view: DataView, at: number): number;
}

const TWO_32 = 4294967296;

const scalar = (name: string, bytes: number, get: Scalar['get']): Scalar => ({ name, bytes, get });
const INT64 = scalar('int64', 8, (view, at) => view.getInt32(at) * TWO_32 + view.getUint32(at + 4));
const UINT64 = scalar('uint64', 8, (view, at) => view.getUint32(at) * TWO_32 + view.getUint32(at + 4));

/** Of a leaf by its class: [signed, unsigned]. */
const LEAVES: Readonly<Record<string, readonly [Scalar, Scalar]>> = {
  TLeafB: [scalar('int8', 1, (v, at) => v.getInt8(at)), scalar('uint8', 1, (v, at) => v.getUint8(at))],
  TLeafS: [scalar('int16', 2, (v, at) => v.getInt16(at)), scalar('uint16', 2, (v, at) => v.getUint16(at))],
  TLeafI: [scalar('int32', 4, (v, at) => v.getInt32(at)), scalar('uint32', 4, (v, at) => v.getUint32(at))],
  TLeafL: [INT64, UINT64],
  TLeafG: [INT64, UINT64],
  TLeafF: same(scalar('float', 4, (v, at) => v.getFloat32(at))),
  TLeafD: same(scalar('double', 8, (v, at) => v.getFloat64(at))),
  TLeafO: same(scalar('bool', 1, (v, at) => (v.getUint8(at) === 0 ? 0 : 1))),
};

function same(one: Scalar): readonly [Scalar, Scalar] {
  return [one, one];
}

/** Scalar of a leaf class, undefined for strings, truncated floats and everything else. */
export function scalarOf(leafClass: string, isUnsigned: boolean): Scalar | undefined {
  return Object.hasOwn(LEAVES, leafClass) ? LEAVES[leafClass][isUnsigned ? 1 : 0] : undefined;
}
