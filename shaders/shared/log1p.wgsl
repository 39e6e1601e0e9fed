// log1p good to a few ulp wherever a driver's own log is not (WGSL allows an ABSOLUTE error of 2^-21 near 1). Pure.
// Twin: Math.log1p.

/// ln(1 + x), x > -1: ln((1 + s)/(1 - s)) with s = x/(2 + x) near 0.
fn log1p_accurate(x: f32) -> f32 {
  if (abs(x) > 0.4) { return log(1.0 + x); }
  let s = x / (2.0 + x);
  let z = s * s;
  return 2.0 * s * (1.0 + z * (0.33333333 + z * (0.2 + z * (0.14285715 + z * (0.11111111 + z * 0.090909)))));
}
