// What the page of the audit log says.
import { dictionary } from '../../i18n/words.ts'

export const auditWords = dictionary(
  {
    title: 'Audit log',
    intro:
      'Who did what, and when. Entries are only ever added, and each carries the hash of the one before: whoever changes one breaks the chain.',
    columns: { when: 'When', who: 'Who', what: 'What', subject: 'To' },
    filter: {
      actor: 'Who',
      actorHint: 'Name or id',
      action: 'What',
      actionHint: 'policy.save, or policy.',
      from: 'From',
      to: 'Until',
      clear: 'Clear the filter',
    },
    csv: 'Download CSV',
    empty: 'Nothing was done yet',
    emptyNext:
      'Every change that somebody makes here, by an API key or on the command line, is written down here.',
    noneMatch: 'Nothing matches',
    noneMatchNext: 'Widen the filter, or clear it.',
    whole: (entries: string) => `Unbroken: ${entries} entries`,
    broken: (id: string) => `Broken at entry ${id}`,
    brokenNext:
      'Somebody changed the database file by hand. Compare with a backup; the log file of the service has the hash of every entry as it was written.',
    lastHash: 'Newest hash',
    details: (action: string) => `Detail of ${action}`,
    hash: 'Hash',
    id: 'Entry',
    role: 'Role',
  },
  {
    title: '감사 기록',
    intro:
      '누가 언제 무엇을 했는지 남습니다. 항목은 추가만 되고, 각 항목은 앞 항목의 해시를 담고 있어 누가 고치면 사슬이 끊어집니다.',
    columns: { when: '시각', who: '누가', what: '무엇을', subject: '대상' },
    filter: {
      actor: '누가',
      actorHint: '이름 또는 ID',
      action: '무엇을',
      actionHint: 'policy. 를 넣으면 정책에 관한 모든 항목',
      from: '부터',
      to: '까지',
      clear: '필터 지우기',
    },
    csv: 'CSV 내려받기',
    empty: '아직 기록이 없습니다',
    emptyNext: '콘솔, API 키, 명령줄에서 이루어진 모든 변경이 여기에 기록됩니다.',
    noneMatch: '일치하는 항목이 없습니다',
    noneMatchNext: '필터를 넓히거나 지우세요.',
    whole: entries => `온전함: 항목 ${entries}개`,
    broken: id => `항목 ${id}에서 끊어짐`,
    brokenNext:
      '누군가 데이터베이스 파일을 직접 고쳤습니다. 백업과 비교하세요. 서비스 로그 파일에는 기록 당시의 모든 해시가 남아 있습니다.',
    lastHash: '가장 최근 해시',
    details: action => `${action} 상세`,
    hash: '해시',
    id: '항목',
    role: '역할',
  },
)
