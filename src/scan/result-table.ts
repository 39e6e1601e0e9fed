/** The numbers of a window scan as the result table: columns, units and descriptions as documented. */
import type { Card, P0Method } from '../model/card.ts';
import { limitGroups } from '../model/limit-groups.ts';
import type { P0Group, ResultColumn, ResultTable } from '../model/result.ts';
import { couplingColumns, limitColumns, realColumn } from './limit-columns.ts';
import type { PreparedScan } from './prepare.ts';
import type { WindowNumbers } from './evaluate-windows.ts';

const P0_MEANING: Readonly<Record<P0Method, string>> = {
  marginal: 'P(N >= n | background), averaged over the background constraint',
  'on-off': 'P(N >= n | n + n_off), binomial',
  'li-ma': 'normal tail beyond sqrt(q0), q0 of Li and Ma; 0.5 without an excess',
  profile: 'normal tail beyond sqrt(q0), q0 the profile likelihood ratio; 0.5 without an excess',
  'marginal-mid-p': 'P(N > n | background) + P(N = n | background)/2, averaged over the background constraint',
  'on-off-mid-p': 'P(N > n | n + n_off) + P(N = n | n + n_off)/2, binomial',
};

function isAsymptotic(method: P0Method): boolean {
  return method === 'li-ma' || method === 'profile';
}

/** One group per p0 method; the second, third ... have a suffix. */
export function p0Groups(card: Card): P0Group[] {
  return [card.statistics.p0]
    .flat()
    .map((method, i) => ({ method, suffix: i === 0 ? '' : `_${method.replaceAll('-', '_')}` }));
}

export function windowTable(prepared: PreparedScan, numbers: WindowNumbers): ResultTable {
  const { card, windows, model, scope } = prepared;
  const is2D = windows.kind === 'ellipses';
  const blind = numbers.status.map((status) => status === 'blind');
  const ux = card.x.unit;
  const uy = card.y?.unit;
  const real = realColumn;
  const whole = (name: string, values: Int32Array, description: string): ResultColumn => ({
    type: 'i32',
    name,
    values,
    description,
  });
  const columns: ResultColumn[] = [
    whole(
      'id',
      Int32Array.from({ length: windows.count }, (_, i) => i),
      'number of the window',
    ),
    real('x', windows.x, is2D ? 'centre in x' : 'centre', ux),
  ];
  if (is2D) {
    columns.push(
      real('y', windows.y, 'centre in y', uy),
      real('a', windows.a, 'first principal half-axis, in the numerical units of x and y'),
      real('b', windows.b, 'second principal half-axis, in the numerical units of x and y'),
      real('phi_deg', windows.phiDeg, 'angle of a from +x, counter-clockwise', 'deg'),
    );
  } else columns.push(real('a', windows.a, 'half-width', ux));
  columns.push(
    whole(
      'n',
      Int32Array.from(model.n, (n, i) => (blind[i] ? -1 : n)),
      'events inside; -1 where blind',
    ),
    real('bkg', numbers.bkg, 'expected background at nominal nuisances'),
    real('bkg_err', numbers.bkgErr, 'standard deviation of the expected background under its constraints'),
  );
  model.components
    .filter((c) => c.kind === 'side-band')
    .forEach(({ name, nOff, tau }, i) => {
      const suffix = i === 0 ? '' : `_${name}`;
      const isControl = card.background.components.some((c) => c.name === name && 'control' in c);
      const place = isControl ? `control sample '${name}'` : `side band '${name}'`;
      columns.push(
        whole(`n_off${suffix}`, Int32Array.from(nOff!), `events in the ${place}`),
        real(`tau${suffix}`, tau!, `background in the ${place} over background in the window`),
      );
    });
  const poiUnit = card.signal.poi.unit;
  columns.push(
    real(
      'sens',
      model.sensitivity,
      'expected signal events per unit of the parameter of interest',
      poiUnit === 'events' ? undefined : `1/${poiUnit}`,
    ),
    real(
      'sens_err',
      numbers.sensErr,
      'standard deviation of sens under its constraints',
      poiUnit === 'events' ? undefined : `1/${poiUnit}`,
    ),
  );
  const methods = [card.statistics.p0].flat();
  numbers.p0.forEach(({ lnP, z }, i) => {
    const { suffix } = p0Groups(card)[i];
    columns.push(
      real(
        `p0${suffix}`,
        lnP.map(Math.exp),
        `local p0, method ${methods[i]}: ${P0_MEANING[methods[i]]}; 0 below 1e-308, see ln_p0${suffix}`,
      ),
      real(`ln_p0${suffix}`, lnP, 'natural logarithm of p0'),
      real(
        `z${suffix}`,
        z,
        `one-sided local significance, method ${methods[i]}${
          isAsymptotic(methods[i]) ? '; 0 without an excess' : ', signed; null where p0 is exactly 1'
        }`,
      ),
    );
  });
  const groups = limitGroups(card.statistics.limits);
  columns.push(...limitColumns(groups, numbers.limits, poiUnit, 'background-only counts'));
  const places = { x: windows.x, y: windows.y };
  columns.push(...couplingColumns(card.couplings, places, scope, numbers.limits[0]));
  columns.push({
    type: 'string',
    name: 'status',
    values: numbers.status,
    description: 'ok, or why numbers are missing or need care',
  });
  return { rowCount: windows.count, columns };
}
