import { t } from '../i18n';

/** The sign: a qaf with its two rhombic dots. */
export function Brand({ word = true }: { word?: boolean }) {
  return (
    <a class="brand" href="/" aria-label={t('brand.home')}>
      <svg viewBox="0 0 28 28" aria-hidden="true">
        <rect class="brand-tile" width="28" height="28" rx="5" />
        <path class="brand-dots" d="m15.3 3.4 2.3 2.3L15.3 8 13 5.7ZM20.3 3.4l2.3 2.3L20.3 8 18 5.7Z" />
        <g class="brand-pen">
          <circle cx="17.8" cy="13.2" r="3.1" />
          <path d="M20.9 13.6v2.6c0 4.2-3.3 7-7.6 7-4.2 0-7-2.6-7-6.6" />
        </g>
      </svg>
      {word && (
        <>
          <span class="only-ar">قسم</span>
          <span class="not-ar">Qism</span>
        </>
      )}
    </a>
  );
}
