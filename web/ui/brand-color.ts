type Color = readonly [red: number, green: number, blue: number];

const white: Color = [255, 255, 255];
const black: Color = [17, 17, 17];
/** Of the cards in both themes; see `styles/theme.css`. */
const backgrounds = { light: white, dark: [24, 29, 39] as Color };
/** WCAG 2.2, success criterion 1.4.3, with a little to spare. */
const enoughContrast = 4.6;

/**
 * Takes the operator's colour for buttons and links: made darker on light ground and lighter on dark ground as far as it
 * takes to be read.
 * @param color `#rrggbb`
 */
export function applyBrandColor(color: string): void {
  const parsed = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) as unknown as Color;
  const { style } = document.documentElement;
  for (const [theme, background] of Object.entries(backgrounds)) {
    const readable = readableOn(background, parsed, theme === 'light' ? black : white);
    style.setProperty(`--brand-${theme}`, `rgb(${readable.join(' ')})`);
    const text = contrast(readable, white) >= contrast(readable, black) ? white : black;
    style.setProperty(`--on-brand-${theme}`, `rgb(${text.join(' ')})`);
  }
}

function readableOn(background: Color, color: Color, towards: Color): Color {
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = color.map((value, at) => Math.round(value + ((towards[at] ?? 0) - value) * part)) as unknown as Color;
    if (contrast(mixed, background) >= enoughContrast) return mixed;
  }
  return towards;
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: Color, other: Color): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: Color): number {
  const [red = 0, green = 0, blue = 0] = color.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
