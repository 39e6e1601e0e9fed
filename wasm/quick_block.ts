/** Counts into lanes and results out of them: a block of toys, four side by side. */

/** u32 [nToys][nBins] -> f32 [groups][nBins][4]; lanes beyond the last toy repeat it. */
export function transpose(counts: usize, nToys: u32, nBins: usize, lanes: usize): void {
  const last = nToys - 1;
  for (let toy: u32 = 0; toy < nToys; toy += 4) {
    const c0 = counts + (((toy as usize) * nBins) << 2);
    const c1 = counts + (((min(toy + 1, last) as usize) * nBins) << 2);
    const c2 = counts + (((min(toy + 2, last) as usize) * nBins) << 2);
    const c3 = counts + (((min(toy + 3, last) as usize) * nBins) << 2);
    const out = lanes + ((((toy >> 2) as usize) * nBins) << 4);
    for (let i: usize = 0; i < nBins << 2; i += 4) {
      let four = v128.load32_zero(c0 + i);
      four = v128.load_lane<u32>(c1 + i, four, 1);
      four = v128.load_lane<u32>(c2 + i, four, 2);
      four = v128.load_lane<u32>(c3 + i, four, 3);
      v128.store(out + (i << 2), f32x4.convert_i32x4_u(four));
    }
  }
}

/** The four numbers of lanes from .. to - 1 where there is no fit; results of lanes are `toyBytes` apart from `at` on. */
export function writeCode(code: f64, at: usize, toyBytes: usize, from: u32, to: u32): void {
  at += (from as usize) * toyBytes;
  for (let lane = from; lane < to; lane++, at += toyBytes) {
    store<f64>(at, 0);
    store<f64>(at, 0, 8);
    store<f64>(at, 0, 16);
    store<f64>(at, code, 24);
  }
}

/** z, S^ and its error; code 1 and zeros where a lane has failed or one of them is not a finite number. */
export function writeLanes(
  z: v128,
  sHat: v128,
  sErr: v128,
  failed: v128,
  at: usize,
  toyBytes: usize,
  from: u32,
  to: u32,
  scratch: usize,
): void {
  const sum = f32x4.add(f32x4.add(z, sHat), sErr);
  const bad = v128.or(failed, v128.not(f32x4.lt(f32x4.abs(sum), f32x4.splat(Infinity))));
  v128.store(scratch, v128.andnot(z, bad));
  v128.store(scratch, v128.andnot(sHat, bad), 16);
  v128.store(scratch, v128.andnot(sErr, bad), 32);
  v128.store(scratch, v128.and(f32x4.splat(1), bad), 48);
  const end = scratch + ((to as usize) << 2);
  at += (from as usize) * toyBytes;
  for (scratch += (from as usize) << 2; scratch < end; scratch += 4, at += toyBytes) {
    store<f64>(at, load<f32>(scratch) as f64);
    store<f64>(at, load<f32>(scratch, 16) as f64, 8);
    store<f64>(at, load<f32>(scratch, 32) as f64, 16);
    store<f64>(at, load<f32>(scratch, 48) as f64, 24);
  }
}
