// y = slope x + offset. Twin: tests/support/kernels/index.ts. Work item: one element. x [n], y [n].
@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let item = params.first + id.x;
  y[item] = params.slope * x[item] + params.offset;
}
