import './lesson.css';
import { t } from '../../i18n';
import { Brand } from '../../ui/brand';
import { Mark } from '../../ui/mark';

/** The classroom's shape before it is there. */
export function Connecting({ failing = false }: { failing?: boolean }) {
  return (
    <div class="connecting" aria-busy="true">
      <header class="lesson-top">
        <Brand word={false} />
      </header>
      <main>
        <div class="stage">
          <div class="screen is-empty">
            <div class="veil" role="status">
              <span class="state">
                <Mark kind="wait" />
                <span>{t('state.connecting')}</span>
              </span>
              {failing && (
                <>
                  <b>{t('page.unreachableTitle')}</b>
                  <span class="t-s ink-2">{t('state.bringingBack')}</span>
                </>
              )}
            </div>
          </div>
        </div>
      </main>
    </div>
  );
}
