/** Damaged copies of files, the same ones every time: what a bad disk, a broken download or a bad program leaves. */

/** Uniform in [0, 1), by a counter and a mixing function (splitmix32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
  };
}

export interface Mutant {
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** One damaged copy: one or some bytes changed, the end missing, bytes lost or added, a length replaced, zeros. */
export function mutate(original: Uint8Array, random: () => number): Mutant {
  const upTo = (n: number): number => Math.floor(random() * n);
  const at = upTo(original.length);
  const bytes = original.slice();
  const kind = upTo(7);
  switch (kind) {
    case 0:
      bytes[at] ^= 1 << upTo(8);
      return { what: `bit at ${at}`, bytes };
    case 1: {
      const n = 2 + upTo(20);
      for (let i = 0; i < n; i++) bytes[upTo(bytes.length)] = upTo(256);
      return { what: `${n} bytes`, bytes };
    }
    case 2:
      return { what: `truncated to ${at}`, bytes: bytes.slice(0, at) };
    case 3: {
      const n = 1 + upTo(16);
      return { what: `${n} bytes lost at ${at}`, bytes: joined(bytes.subarray(0, at), bytes.subarray(at + n)) };
    }
    case 4: {
      const extra = Uint8Array.from({ length: 1 + upTo(16) }, () => upTo(256));
      return {
        what: `${extra.length} bytes added at ${at}`,
        bytes: joined(bytes.subarray(0, at), extra, bytes.subarray(at)),
      };
    }
    case 5: {
      const value = [0, 1, 0x7fffffff, 0xffffffff, 0x40000000, original.length][upTo(6)];
      const place = upTo(Math.max(1, bytes.length - 4));
      new DataView(bytes.buffer).setUint32(place, value, random() < 0.5);
      return { what: `length ${value} at ${place}`, bytes };
    }
    default: {
      const end = Math.min(bytes.length, at + 1 + upTo(512));
      bytes.fill(0, at, end);
      return { what: `zeros from ${at} to ${end}`, bytes };
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}
