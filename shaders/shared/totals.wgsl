// A count from 64 random bits and the thresholds of the binding `totals`. Twin: src/kernels/toys/totals.ts.

/// Least count plus the number of thresholds at or below the 64-bit word.
fn draw_total(place: u32, least: u32, size: u32, high: u32, low: u32) -> u32 {
  var from_place = 0u;
  var to_place = size;
  while (from_place < to_place) {
    let middle = (from_place + to_place) >> 1u;
    let at = 2u * (place + middle);
    if (totals[at] < high || (totals[at] == high && totals[at + 1u] <= low)) { from_place = middle + 1u; } else { to_place = middle; }
  }
  return least + from_place;
}
