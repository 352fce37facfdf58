import './lesson.css';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { Brand } from '../../ui/brand';
import { Mark } from '../../ui/mark';

/** How long connecting may take before it is worth a word, in milliseconds. */
const PATIENCE_MS = 8000;

/** The classroom's shape before it is there. */
export function Connecting({ failing = false }: { failing?: boolean }) {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
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
              {(failing || slow) && (
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
