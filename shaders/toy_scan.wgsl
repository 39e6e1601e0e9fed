// Pseudo-experiments of a whole window scan: the best rank of toy base + item, its window, a fingerprint of all counts.
// Formula, tables and twin: src/kernels/toy_scan.ts; integers only, so the words are those of the twin. One WORKGROUP per
// toy, its invocations share the events. Counts lie packed in workgroup memory, params.count_bits (8 or 16) each; more
// windows than fit are counted tile by tile, with the same events drawn again. A count that fills its bits: code 1.
// With side bands (src/kernels/toys/layout.ts, AXIS) window and band lie in one tile and are looked up after its events.
//
// Per increment: one read of atom_windows, one atomic add in workgroup memory, two reads of rank_first and one of ranks.
// Per event: half a Philox block (about 110 integer operations), two reads of alias, two of atom_first.

const PACKED_WORDS = 4032u;
const STEP_STREAM = 0xffffu;
const TOTAL_DRAW = 0xffffffffu;
const FIRST_SOURCE = 8u;
const AXIS_STEP = 1u;
const AXIS_SIDE_BAND = 2u;
const AXIS_COMPLEMENT = 3u;
const SOURCE_STRIDE = 5u;

var<workgroup> packed: array<atomic<u32>, PACKED_WORDS>;
var<workgroup> best_rank: atomic<u32>;
var<workgroup> best_window: atomic<u32>;
var<workgroup> marks: atomic<u32>;
var<workgroup> full: atomic<u32>;
var<workgroup> outside: atomic<u32>;
/// Events in all that can be band, where bands have no outer edge.
var<workgroup> all_band: atomic<u32>;

fn draw_alias(place: u32, bits: u32, word0: u32, word1: u32) -> u32 {
  let slot = word0 >> (32u - bits);
  let threshold = alias_table[2u * (place + slot)];
  if (word1 < threshold || threshold == 0xffffffffu) { return slot; }
  return alias_table[2u * (place + slot) + 1u];
}

fn count_mark(w: u32, n: u32) -> u32 {
  var h = ((w ^ 0x9e3779b9u) * 0x85ebca6bu) ^ (n * 0xc2b2ae35u);
  h = (h ^ (h >> 15u)) * 0x27d4eb2fu;
  return h ^ (h >> 13u);
}

struct Best { rank: u32, window: u32, marks: u32, full: u32, outside: u32 }

/// One event in atom `atom`: counts it in its windows of the tile and keeps the best rank met on the way.
fn count_event(atom: u32, tile: u32, per_tile: u32, rows: u32, best: ptr<function, Best>) {
  let axis = header[6];
  let bits = params.count_bits;
  let most = (1u << bits) - 1u;
  let end = atom_first[atom + 1u];
  for (var k = atom_first[atom]; k < end; k++) {
    let w = atom_windows[k];
    if (axis == AXIS_COMPLEMENT && w == 2u * header[7]) {
      if (tile == 0u) {
        let n = atomicAdd(&all_band, 1u) + 1u;
        if (params.fingerprint != 0u) { (*best).marks += count_mark(w, n); }
      }
      continue;
    }
    if (w < tile || w >= tile + per_tile) { continue; }
    let at = (w - tile) * bits;
    let old = atomicAdd(&packed[at >> 5u], 1u << (at & 31u));
    let before = (old >> (at & 31u)) & most;
    if (before == most) { (*best).full = 1u; }
    let n = before + 1u;
    if (params.fingerprint != 0u) { (*best).marks += count_mark(w, n); }
    if (axis >= AXIS_SIDE_BAND) { continue; }
    let last = rank_first[rows + w + 1u] - 1u;
    let rank = ranks[min(rank_first[rows + w] + n, last)];
    if (rank > (*best).rank || (rank == (*best).rank && w < (*best).window)) {
      (*best).rank = rank;
      (*best).window = w;
    }
  }
}

/// Window w, whose counts begin at bit `at` of the tile, in the row of its n_off.
fn look_up_row(w: u32, at: u32, best: ptr<function, Best>) {
  let bits = params.count_bits;
  let most = (1u << bits) - 1u;
  let n = (atomicLoad(&packed[at >> 5u]) >> (at & 31u)) & most;
  if (n == 0u) { return; }
  let n_windows = header[7];
  let next = at + bits;
  var n_off = (atomicLoad(&packed[next >> 5u]) >> (next & 31u)) & most;
  if (header[6] == AXIS_COMPLEMENT) { n_off = atomicLoad(&all_band) - n_off; }
  let row = n_off - rank_first[3u * w + 1u];
  if (row >= rank_first[3u * w + 2u]) {
    (*best).outside = 1u;
    return;
  }
  let place = 3u * n_windows + rank_first[3u * w] + row;
  let start = rank_first[place];
  let least = ranks[start];
  if (n < least) { return; }
  let rank = ranks[min(start + 1u + n - least, rank_first[place + 1u] - 1u)];
  if (rank > (*best).rank || (rank == (*best).rank && rank > 0u && w < (*best).window)) {
    (*best).rank = rank;
    (*best).window = w;
  }
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  if (group.x >= params.count) { return; }
  let i = params.first + group.x;
  let low = params.base_low + i;
  let high = params.base_high + select(0u, 1u, low < params.base_low);
  let n_sources = header[0];
  let axis = header[6];
  let n_windows = header[7];
  let n_counts = select(n_windows, 2u * n_windows, axis >= AXIS_SIDE_BAND);
  let per_tile = PACKED_WORDS * 32u / params.count_bits;
  var step = 0u;
  if (header[1] > 1u) {
    let words = philox(vec4u(low, high, STEP_STREAM, 0u));
    step = draw_alias(header[2], header[3], words.x, words.y);
  }
  if (lane == 0u) {
    atomicStore(&best_rank, 0u);
    atomicStore(&best_window, 0xffffffffu);
    atomicStore(&marks, 0u);
    atomicStore(&full, 0u);
    atomicStore(&outside, 0u);
    atomicStore(&all_band, 0u);
  }
  let rows = select(0u, step * n_windows, axis == AXIS_STEP);
  var best = Best(0u, 0xffffffffu, 0u, 0u, 0u);
  for (var tile = 0u; tile < n_counts; tile += per_tile) {
    for (var k = lane; k < PACKED_WORDS; k += WORKGROUP_SIZE) { atomicStore(&packed[k], 0u); }
    workgroupBarrier();
    for (var source = 0u; source < n_sources; source++) {
      let at = FIRST_SOURCE + SOURCE_STRIDE * (step * n_sources + source);
      let words = philox(vec4u(low, high, source, TOTAL_DRAW));
      let total = draw_total(header[at], header[at + 1u], header[at + 2u], words.x, words.y);
      for (var block = lane; 2u * block < total; block += WORKGROUP_SIZE) {
        let draw = philox(vec4u(low, high, source, block));
        count_event(draw_alias(header[at + 3u], header[at + 4u], draw.x, draw.y), tile, per_tile, rows, &best);
        if (2u * block + 1u < total) {
          count_event(draw_alias(header[at + 3u], header[at + 4u], draw.z, draw.w), tile, per_tile, rows, &best);
        }
      }
    }
    workgroupBarrier();
    if (axis >= AXIS_SIDE_BAND) {
      let end = min(n_windows, (tile + per_tile) / 2u);
      for (var w = tile / 2u + lane; w < end; w += WORKGROUP_SIZE) {
        look_up_row(w, (2u * w - tile) * params.count_bits, &best);
      }
      workgroupBarrier();
    }
  }
  atomicMax(&best_rank, best.rank);
  atomicAdd(&marks, best.marks);
  atomicOr(&full, best.full);
  atomicOr(&outside, best.outside);
  workgroupBarrier();
  if (best.rank == atomicLoad(&best_rank)) { atomicMin(&best_window, best.window); }
  workgroupBarrier();
  if (lane == 0u) {
    result[4u * i] = atomicLoad(&best_rank);
    result[4u * i + 1u] = atomicLoad(&best_window);
    result[4u * i + 2u] = atomicLoad(&marks);
    result[4u * i + 3u] = select(2u * atomicLoad(&outside), 1u, atomicLoad(&full) != 0u);
  }
}
