import { choose, LANGUAGES, type Language, language, t } from '../i18n';

const SHORT: Record<Language, string> = { ar: 'ع', fr: 'FR', en: 'EN' };
/** Each language in its own words. */
export const LANGUAGE_NAMES: Record<Language, string> = { ar: 'العربية', fr: 'Français', en: 'English' };

export function LanguageSwitch() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields; this is a row of buttons
    <div class="segments" role="group" aria-label={t('language.choose')}>
      {LANGUAGES.map((each) => (
        <button
          type="button"
          key={each}
          lang={each}
          aria-pressed={language.value === each}
          onClick={() => void choose(each)}
        >
          {SHORT[each]}
          <span class="visually-hidden">, {LANGUAGE_NAMES[each]}</span>
        </button>
      ))}
    </div>
  );
}
