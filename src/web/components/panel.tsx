/** A titled box. */
import type { ComponentChildren } from 'preact';

export interface PanelProps {
  readonly title: string;
  /** Beside the title: selectors, buttons. */
  readonly controls?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Panel({ title, controls, children }: PanelProps) {
  return (
    <section class="panel" aria-label={title}>
      <div class="panel-head">
        <h2>{title}</h2>
        {controls}
      </div>
      {children}
    </section>
  );
}
