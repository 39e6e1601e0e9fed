// exp good to a few ulp wherever a driver's own is not (WGSL allows 3 + 2|x| ulp). Twin: Math.exp.

/// exp(x) for -87 < x < 88 through 2^k exp(r), |r| <= ln2/2; 0 below, the largest power of two above.
fn exp_accurate(x: f32) -> f32 {
  if (x < -87.0) { return 0.0; }
  let k = clamp(floor(x * 1.4426950 + 0.5), -126.0, 127.0);
  // ln 2 in two parts: 0.693145751953125 has 12 trailing zero bits, so k times it is exact
  let r = (x - k * 0.693145751953125) - k * 1.42860677e-6;
  var p = 1.9875691e-4;
  p = p * r + 1.3981999e-3;
  p = p * r + 8.3334519e-3;
  p = p * r + 4.1665796e-2;
  p = p * r + 1.6666665e-1;
  p = p * r + 0.5;
  return (p * r * r + r + 1.0) * bitcast<f32>(u32(i32(k) + 127) << 23u);
}
