import type { CallState, ChatMessage, LessonCard, Participant, Publication, Role } from '../call';

/** An invented lesson, told in the language that is looked at. */

const MINUTE = 60_000_000;
const now = () => Date.now() * 1000;

export function lessonCard(ar: boolean): LessonCard {
  return {
    id: 'l1',
    title: ar ? 'كهرباء السيارات: دارة الشحن' : 'Électricité automobile : le circuit de charge',
    course: ar ? 'كهرباء السيارات' : 'Électricité automobile',
    group: 'EA-204',
    trainer: ar ? 'فاطمة الزهراء الإدريسي' : 'Fatima-Zahra El Idrissi',
    institution: ar ? 'معهد التكوين في مهن السيارات، سلا' : 'Institut des métiers de l’automobile, Salé',
    language: ar ? 'ar' : 'fr',
    starts_at: now() - 41 * MINUTE,
    ends_at: now() + 49 * MINUTE,
    time_zone: 'Africa/Casablanca',
  };
}

const NAMES: [string, string][] = [
  ['فاطمة الزهراء الإدريسي', 'Fatima-Zahra El Idrissi'],
  ['ياسين بنعلي', 'Yassine Benali'],
  ['سلمى أوشن', 'Salma Ouchen'],
  ['عبد الرحيم مزوار', 'Abderrahim Mezouar'],
  ['نورة الحداد', 'Noura El Haddad'],
  ['هشام الكتاني', 'Hicham Kettani'],
  ['مريم بوزيد', 'Meriem Bouzid'],
  ['أنس التازي', 'Anas Tazi'],
  ['خديجة أيت الحاج', 'Khadija Aït El Haj'],
  ['إيمان الزروالي', 'Imane Zerouali'],
  ['بدر الدين قاسمي', 'Badreddine Kacemi'],
  ['لجنة جهة الرباط', 'Commission, région de Rabat'],
];

export function callState(ar: boolean, role: Role): CallState {
  const at = now();
  const participants = new Map<string, Participant>(
    NAMES.map(([arabic, latin], index) => [
      `p${index + 1}`,
      {
        id: `p${index + 1}`,
        name: ar ? arabic : latin,
        role: index === 0 ? 'trainer' : index === NAMES.length - 1 ? 'committee' : 'trainee',
        kind: 'person',
        presence:
          index === 5 ? { state: 'lost', since: at - 0.6 * MINUTE } : { state: 'present', since: at - 40 * MINUTE },
        hidden_since: index === 7 ? at - 3 * MINUTE : null,
      } satisfies Participant,
    ]),
  );
  const publications = new Map<number, Publication>([
    [1, { id: 1, participant: 'p1', source: 'microphone' }],
    [2, { id: 2, participant: 'p1', source: 'camera' }],
    [3, { id: 3, participant: 'p1', source: 'screen' }],
    [4, { id: 4, participant: 'p2', source: 'microphone' }],
  ]);
  const mine = { trainer: 'p1', trainee: 'p3', committee: 'p12' }[role];
  return {
    phase: 'connected',
    serverOffset: 0,
    me: { participant: mine, role },
    room: {
      seq: 40,
      lesson: lessonCard(ar),
      phase: { state: 'live', since: at - 40 * MINUTE },
      participants,
      publications,
      hands: ['p3', 'p4', 'p5']
        .filter((id) => id !== mine)
        .map((participant, index) => ({ participant, since: at - (2.2 - index * 0.8) * MINUTE })),
      floor: [{ participant: 'p2', since: at - 0.8 * MINUTE }],
      chat: chat(ar, at),
    },
    shown: [],
    speaking: role === 'trainer' ? ['p1', 'p2'] : ['p1'],
    local: { microphone: 'off', camera: 'off', screen: 'off' },
    reception: { limitedBy: 'nothing', lostPercent: 0.4, roundTripMs: 48 },
    mediaConnected: true,
    audioBlocked: false,
    ...(role !== 'trainee' && { figures: figures([...participants.keys()], at) }),
  };
}

function chat(ar: boolean, at: number): ChatMessage[] {
  const lines: [string, string, string][] = [
    ['p3', 'هل المصباح ينطفئ دائما بعد التشغيل؟', 'Le témoin s’éteint toujours après le démarrage ?'],
    ['p1', 'نعم يا سلمى. إن بقي مشعلا فالدارة لا تشحن.', 'Oui Salma. S’il reste allumé, le circuit ne charge pas.'],
    ['p2', 'عندي في الورشة 12,9 فولط فقط والمحرك يدور', 'À l’atelier j’ai seulement 12,9 V moteur tournant'],
    ['p4', 'افحص شدّ الحزام أولا', 'Vérifie d’abord la courroie'],
  ];
  return lines.map(([participant, arabic, french], index) => ({
    seq: 10 + index,
    at: at - (5 - index) * MINUTE,
    participant,
    text: ar ? arabic : french,
  }));
}

function figures(ids: string[], at: number): NonNullable<CallState['figures']> {
  const link = (bitrate: number, lost_percent = 0.2) => ({ bitrate, packets: 900, lost_percent, jitter_ms: 6 });
  return {
    at,
    participants: ids
      .filter((id) => id !== 'p6')
      .map((participant, index) => ({
        participant,
        transport: participant === 'p9' ? 'tcp' : 'udp',
        uplink: participant === 'p1' ? link(2_140_000) : participant === 'p7' ? link(24_000, 7.4) : link(index * 300),
        downlink: participant === 'p9' ? link(64_000, 11) : link(780_000 + index * 9000, 0.3),
        round_trip_ms: participant === 'p8' ? 720 : 38 + index * 7,
      })),
    publications: [
      { publication: 1, participant: 'p1', source: 'microphone', encodings: [31_000], receivers: 10 },
      { publication: 2, participant: 'p1', source: 'camera', encodings: [148_000, 496_000, 1_420_000], receivers: 8 },
      { publication: 3, participant: 'p1', source: 'screen', encodings: [640_000], receivers: 9 },
      { publication: 4, participant: 'p2', source: 'microphone', encodings: [28_000], receivers: 10 },
    ],
    speech: 94.3,
    picture: 90.1,
  };
}
