/** A part of a window set, in its order. */
import type { WindowSet } from '../windows.ts';

/** @param ids numbers of the windows to keep, ascending */
export function pickWindows(windows: WindowSet, ids: Uint32Array): WindowSet {
  const pick = (values: Float64Array) => Float64Array.from(ids, (i) => values[i]);
  const { kind, hasResolution, x, y, a, b, phiDeg, qxx, qxy, qyy, rxx, rxy, ryy } = windows;
  return {
    kind,
    hasResolution,
    count: ids.length,
    x: pick(x),
    y: pick(y),
    a: pick(a),
    b: pick(b),
    phiDeg: pick(phiDeg),
    qxx: pick(qxx),
    qxy: pick(qxy),
    qyy: pick(qyy),
    rxx: pick(rxx),
    rxy: pick(rxy),
    ryy: pick(ryy),
  };
}
