// Loader's deviance. Twin: bd0 in src/stats/deviance.ts.

/// Deviance x ln(x/m) + m - x >= 0 without cancellation near x = m.
fn deviance(x: f32, m: f32) -> f32 {
  let d = x - m;
  if (abs(d) < 0.2 * (x + m)) {
    let v = d / (x + m);
    let v2 = v * v;
    // d v + 2 x sum_j v^(2j+1)/(2j+1), j >= 1
    return d * v + 2.0 * x * v * v2 * (0.33333333 + v2 * (0.2 + v2 * (0.14285715 + v2 * 0.11111111)));
  }
  return x * log(x / m) - d;
}
