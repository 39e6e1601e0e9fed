/** A ROOT-like label ("M_{#mu#mu} [GeV/c^{2}]") as HTML text with real sub- and superscripts. */
import { parseLabel } from '../../report/svg/label-parser.ts';

export function RootLabel({ label }: { readonly label: string }) {
  return (
    <span>
      {parseLabel(label).map(({ text, shift, size, dx }, i) =>
        shift === 0 && dx === 0 ? (
          text
        ) : (
          <span
            key={i}
            style={{
              position: 'relative',
              top: `${shift / size}em`,
              fontSize: `${size}em`,
              marginLeft: dx === 0 ? undefined : `${dx / size}em`,
            }}
          >
            {text}
          </span>
        ),
      )}
    </span>
  );
}
