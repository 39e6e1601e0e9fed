/** Types of card-validator.generated.js (scripts/make-validator.ts). */

export interface SchemaViolation {
  /** JSON pointer into the value. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

export interface Validator {
  (value: unknown): boolean;
  /** Violations of the last call, null when there were none. */
  errors?: readonly SchemaViolation[] | null;
}

export const Card: Validator;
export const SpectrumCard: Validator;
export const FileData: Validator;
export const SimulatedData: Validator;
export const LatticeWindows: Validator;
export const TableWindows: Validator;
export const HalfAxes: Validator;
export const EllipseColumns: Validator;
export const IntervalColumns: Validator;
export const DensityComponent: Validator;
export const MapComponent: Validator;
export const SampleComponent: Validator;
export const SideBandComponent: Validator;
export const TableComponent: Validator;
export const EfficiencyTable: Validator;
export const UpDown: Validator;
export const P0Method: Validator;
export const P0Methods: Validator;
/** schema/card.schema.json */
export const cardSchema: SchemaNode;

/** The keywords of JSON Schema 2020-12 that the card uses. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode | false;
  readonly prefixItems?: readonly SchemaNode[];
}
