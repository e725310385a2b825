/* Makes the compiled sheet small without changing what our pages look like: takes out what the library repeats in
 * every rule and our theme says once, and the variants of its components that no template of ours uses. */

// Whole classes nobody here writes. A template that starts to use one deletes its line.
const UNUSED = [
  "govuk-checkboxes--small", "govuk-checkboxes__conditional", "govuk-checkboxes__divider",
  "govuk-radios--small", "govuk-radios__conditional", "govuk-radios__divider",
  "govuk-summary-card", "govuk-summary-list--no-border", "govuk-summary-list__row--no-actions",
  "govuk-summary-list__row--no-border", "govuk-summary-list__actions-list", "govuk-panel__actions", "govuk-link--no-underline",
  "govuk-back-link--inverse", "govuk-link--inverse", "govuk-link--muted", "govuk-link--text-colour", "govuk-link-image",
  "govuk-input--extra-letter-spacing", "govuk-input__prefix", "govuk-input__suffix",
  "govuk-table--small-text-until-tablet", "govuk-table__caption--xl", "govuk-table__caption--s",
  "govuk-panel--interruption", "govuk-notification-banner__link", "govuk-visually-hidden-focusable",
  "govuk-heading-s-", "govuk-heading-xl", "govuk-body-lead", "govuk-caption-xl",
  "govuk-grid-column-three-quarters", "govuk-grid-column-one-quarter", "govuk-grid-column-full-from-desktop",
  "govuk-grid-column-two-thirds-from-desktop", "govuk-grid-column-one-third-from-desktop",
  "govuk-grid-column-one-half-from-desktop", "govuk-grid-column-one-quarter-from-desktop",
  "govuk-grid-column-three-quarters-from-desktop", "govuk-list--spaced-", "govuk-main-wrapper--auto-spacing",
  "govuk-main-wrapper--l", "govuk-label--xl", "govuk-fieldset__legend--xl", "govuk-exit-this-page",
  "govuk-details__summary-icon", "govuk-button__start-icon", "govuk-table__header--numeric-",
  "govuk-body-m", "govuk-caption-l", "govuk-grid-column-full", "govuk-grid-column-one-half", "govuk-label--m",
  "govuk-label--s", "govuk-radios--inline", "govuk-skip-link-focused-element", "govuk-table__caption--l",
  "govuk-task-list__status--cannot-start-yet",
];

const unused = new RegExp(`\\.(${UNUSED.join("|")})(?![a-z0-9])`);

/** Splits a selector list at its top-level commas. */
function selectors(list) {
  return list.split(/,(?![^(]*\))/);
}

/** Returns the sheet without repetitions and unused variants; `css` is Sass's compressed output. */
export function slim(css) {
  let out = css
    .replace(/^\uFEFF/, "")
    // fallbacks for colours that the theme always defines
    .replace(/var\((--govuk-[a-z-]+-colour), ?#[0-9a-f]{3,8}\)/gi, "var($1)")
    // a font per component and once more for print: ours is inherited from the page
    .replace(/@media print\{[^{}]*\{font-family:var\(--p-font\)\}\}/g, "")
    // sizes for paper: those of the screen are in rem, and 1rem is 12pt there
    .replace(/@media print\{[^{}]*\{font-size:[^{}]*\}\}/g, "")
    // on paper a link's path within the site says nothing
    .replace(/@media print\{\[href\^="\/"\][^{}]*\{[^{}]*\}\}/g, "")
    .replace(/([;{])font-family:var\(--p-font\);?(?!\})/g, "$1")
    .replace(/(-webkit|-moz-osx)-font-smoothing:[a-z]+;?/g, "")
    // browsers without text-wrap: balance are years old
    .replace(/@supports not \(text-wrap: balance\)\{[^{}]*\{[^{}]*\}\}/g, "")
    .replace(/@supports not \(text-wrap: balance\)\{[^{}]*\}/g, "");
  out = out.replace(/([^{}]+)\{([^{}]*)\}/g, (rule, head, body) => {
    if (head.trim().startsWith("@")) return rule;
    const kept = selectors(head).filter((one) => !unused.test(one));
    return kept.length && body ? `${kept.join(",")}{${body}}` : "";
  });
  return out.replace(/@(media|supports)[^{}]+\{\}/g, "").replace(/(--[a-z-]+): /g, "$1:");
}
