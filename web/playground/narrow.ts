/** Windows in which the editors stand below each other; as in `playground.css`. */
export const narrow = window.matchMedia('(max-width: 48rem)');
