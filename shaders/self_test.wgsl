// What this adapter's f32 is good for: error-free sums and products, log, exp, denormals, 32 x 32 -> 64 bit products.
// Twin: src/gpu/self-test.ts (checks every number against f64 or integers).
// Work item: one pair a, b and one argument each for log and exp.
//   a, b           [n]     addends, factors; their bits are the integers for mulhi
//   log_argument   [n]     exp_argument [n]
//   values         [n, 8]  sum, error by barrier, error as written, product, error by mask split, log, exp, tiny + tiny
//   words          [n]     high word of bits(a) * bits(b)

// Rounds here and now: the compiler cannot know that zero is 0, so it may not reassociate across this.
fn rounded(value: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(value) ^ params.zero);
}

// Knuth's TwoSum: a + b - s exactly.
fn sum_error(a: f32, b: f32, s: f32) -> f32 {
  let b_seen = rounded(s - a);
  return rounded(a - rounded(s - b_seen)) + rounded(b - b_seen);
}

// Dekker's TwoProd on 12-bit halves cut by mask (fma need not be fused in WGSL): a * b - p exactly.
fn product_error(a: f32, b: f32, p: f32) -> f32 {
  let a_high = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let b_high = bitcast<f32>(bitcast<u32>(b) & 0xfffff000u);
  let a_low = a - a_high;
  let b_low = b - b_high;
  return rounded(rounded(rounded(a_high * b_high - p) + a_high * b_low) + a_low * b_high) + a_low * b_low;
}

fn mulhi(a: u32, b: u32) -> u32 {
  let cross = (a >> 16u) * (b & 0xffffu) + (((a & 0xffffu) * (b & 0xffffu)) >> 16u);
  let other = (a & 0xffffu) * (b >> 16u) + (cross & 0xffffu);
  return (a >> 16u) * (b >> 16u) + (cross >> 16u) + (other >> 16u);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let item = params.first + id.x;
  let x = a[item];
  let y = b[item];
  let s = rounded(x + y);
  let p = rounded(x * y);
  let written = x + y;
  let y_seen = written - x;
  values[8u * item] = s;
  values[8u * item + 1u] = sum_error(x, y, s);
  values[8u * item + 2u] = (x - (written - y_seen)) + (y - y_seen);
  values[8u * item + 3u] = p;
  values[8u * item + 4u] = product_error(x, y, p);
  values[8u * item + 5u] = log(log_argument[item]);
  values[8u * item + 6u] = exp(exp_argument[item]);
  values[8u * item + 7u] = params.tiny + params.tiny;
  words[item] = mulhi(bitcast<u32>(x), bitcast<u32>(y));
}
