// Writes every uniform word where the twin does, so that a drifting layout shows. reals [n, 2], words [n, 4].
@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let item = params.first + id.x;
  reals[2u * item] = params.real_a;
  reals[2u * item + 1u] = params.real_b;
  words[4u * item] = params.word_a;
  words[4u * item + 1u] = params.word_b;
  words[4u * item + 2u] = params.zero;
  words[4u * item + 3u] = item;
}
