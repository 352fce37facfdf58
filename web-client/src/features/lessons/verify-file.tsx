import { useState } from 'preact/hooks';
import { Num } from '../../ui/num';
import { FileField } from '../../ui/parts/field';
import { useForm } from '../../ui/parts/form';
import { lessonName } from '../../ui/parts/lesson-name';
import { Answer } from './answer';
import { grouped, Instant } from './instant';
import { BadLedger, type CheckedLedger, checkLedger, type LedgerFault } from './ledger';
import { T, t } from './words';

type Outcome =
  | { kind: 'checking' }
  | { kind: 'intact'; ledger: CheckedLedger }
  | { kind: 'broken'; fault: LedgerFault }
  | { kind: 'unreadable' };

/** Checks a ledger's file in this browser: it is sent nowhere, and no network is needed. */
export function VerifyFile() {
  const [file, setFile] = useState<File | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const form = useForm(
    async () => undefined,
    () => undefined,
  );
  const choose = async (chosen: File) => {
    setFile(chosen);
    setOutcome({ kind: 'checking' });
    setOutcome(await outcomeOf(chosen));
  };
  return (
    <section class="panel form-panel form">
      <h2>{t('file.title')}</h2>
      <p>{t('file.text')}</p>
      {crypto.subtle ? (
        <FileField
          form={form}
          name="ledger"
          label={t('file.label')}
          value={file}
          onChoose={(chosen) => void choose(chosen)}
        />
      ) : (
        <p role="status">{t('file.insecure')}</p>
      )}
      <div role="status">{outcome && <Said of={outcome} />}</div>
      {outcome?.kind === 'intact' && <Facts of={outcome.ledger} />}
    </section>
  );
}

async function outcomeOf(file: File): Promise<Outcome> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    return { kind: 'intact', ledger: await checkLedger(bytes, crypto.subtle) };
  } catch (error) {
    return error instanceof BadLedger ? { kind: 'broken', fault: error.fault } : { kind: 'unreadable' };
  }
}

function Said({ of: outcome }: { of: Outcome }) {
  if (outcome.kind === 'checking') return <Answer kind="wait" title={t('file.checking')} />;
  if (outcome.kind === 'unreadable')
    return <Answer kind="attention" title={t('file.unreadableTitle')} text={t('file.unreadableText')} />;
  if (outcome.kind === 'broken') {
    const { code, line } = outcome.fault;
    const isNone = code === 'not_a_ledger' || code === 'too_large';
    return (
      <Answer
        kind="alarm"
        title={isNone ? t('file.noneTitle') : t('file.brokenTitle')}
        text={<T k={`fault.${code}`} v={{ line: <Num>{line}</Num> } as never} />}
      />
    );
  }
  if (outcome.ledger.signatures === 'unknown')
    return <Answer kind="attention" title={t('file.halfTitle')} text={t('file.halfText')} />;
  return <Answer kind="live" title={t('file.intactTitle')} text={t('file.intactText')} />;
}

function Facts({ of: { header, seals, corrections, events } }: { of: CheckedLedger }) {
  const last = seals.at(-1);
  if (!last) return null;
  const zone = header.time_zone;
  const facts: [string, preact.ComponentChildren][] = [
    [t('verify.institution'), <bdi key="i">{header.institution.name}</bdi>],
    [t('file.lesson'), <bdi key="l">{lessonName(header.course.name, header.title)}</bdi>],
    [t('file.group'), <bdi key="g">{header.group.name}</bdi>],
    [t('file.planned'), <Instant key="at" at={header.planned.from} zone={zone} />],
    [t('seal.at'), <Instant key="at" at={last.at} zone={zone} />],
    [
      t('seal.events'),
      <T key="e" k="seal.eventsAnd" v={{ events: <Num>{events}</Num>, corrections: <Num>{corrections}</Num> }} />,
    ],
  ];
  return (
    <>
      <dl class="seal-facts">
        {facts.map(([word, value]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{t('seal.key')}</dt>
          <dd class="mono">{grouped(last.key)}</dd>
        </div>
        <div>
          <dt>{t('seal.hash')}</dt>
          <dd class="mono">{grouped(last.hash)}</dd>
        </div>
      </dl>
      <p class="t-s">{t('file.whose')}</p>
      <p>
        <a class="button" href={`/verify#${last.hash}`}>
          {t('file.askServer')}
        </a>
      </p>
    </>
  );
}
