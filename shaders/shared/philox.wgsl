// Philox4x32-10: four words from a counter and the key (params.seed_low, params.seed_high). Twin: src/stats/philox.ts.

fn mul_high(a: u32, b: u32) -> u32 {
  let a1 = a >> 16u;
  let a0 = a & 0xffffu;
  let b1 = b >> 16u;
  let b0 = b & 0xffffu;
  let middle = a1 * b0;
  let other = a0 * b1;
  let carry = (middle & 0xffffu) + (other & 0xffffu) + ((a0 * b0) >> 16u);
  return a1 * b1 + (middle >> 16u) + (other >> 16u) + (carry >> 16u);
}

fn philox(counter: vec4u) -> vec4u {
  var c = counter;
  var key = vec2u(params.seed_low, params.seed_high);
  for (var round = 0u; round < 10u; round++) {
    let high0 = mul_high(0xd2511f53u, c.x);
    let high1 = mul_high(0xcd9e8d57u, c.z);
    c = vec4u(high1 ^ c.y ^ key.x, 0xcd9e8d57u * c.z, high0 ^ c.w ^ key.y, 0xd2511f53u * c.x);
    key += vec2u(0x9e3779b9u, 0xbb67ae85u);
  }
  return c;
}
