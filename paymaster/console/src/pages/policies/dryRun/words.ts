// Trying a policy before it is in force.
import { dictionary } from '../../../i18n/words.ts'

export const dryRunWords = dictionary(
  {
    intro:
      'Asks the policy as it stands in the editor, saved or not. Nothing is signed, reserved or written.',
    source: 'What to try',
    pasted: 'A pasted operation',
    past: 'A past operation',
    operation: 'User operation as JSON',
    operationHint: 'As a wallet or bundler sends it; “as it was asked for” of an operation here fits too',
    hash: 'Hash of the operation',
    run: 'Dry run',
    notJson: 'This is not a JSON object.',
    notHash: 'This is not a hash: 0x and 64 hex digits.',
    mendFirst: 'The policy is not JSON: mend it first.',
    wouldSponsor: 'It would be sponsored',
    wouldRefuse: 'It would be refused',
    maxCost: 'Costs at most',
    tokenSpend: 'Its calls spend of the token',
    example: 'Put in an example',
    recent: 'The newest operations',
  },
  {
    intro: '저장 여부와 관계없이 편집기에 있는 정책으로 확인합니다. 서명하거나 예약하거나 기록하지 않습니다.',
    source: '확인할 대상',
    pasted: '붙여넣은 오퍼레이션',
    past: '지난 오퍼레이션',
    operation: 'JSON 형식의 사용자 오퍼레이션',
    operationHint: '지갑이나 번들러가 보내는 형식. 이 콘솔의 “요청된 오퍼레이션”도 그대로 쓸 수 있습니다',
    hash: '오퍼레이션 해시',
    run: '모의 실행',
    notJson: 'JSON 객체가 아닙니다.',
    notHash: '해시가 아닙니다. 0x와 16진수 64자리여야 합니다.',
    mendFirst: '정책이 올바른 JSON이 아닙니다. 먼저 고치세요.',
    wouldSponsor: '대납합니다',
    wouldRefuse: '거절합니다',
    maxCost: '최대 비용',
    tokenSpend: '호출이 쓰는 토큰',
    example: '예시 넣기',
    recent: '최근 오퍼레이션',
  },
)
