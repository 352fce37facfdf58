/** How often Tab is pressed before something counts as out of reach. */
const TABS_MAX = 60;

/** Goes on by Tab until what the selector names has the focus. */
export async function tabTo(page, selector) {
  for (let pressed = 0; pressed < TABS_MAX; pressed += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  throw new Error(`${selector} can't be reached by Tab`);
}

/** Writes over what the field with the focus has. */
export async function type(page, text) {
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}
