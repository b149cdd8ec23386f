// A policy's versions.
import { dictionary } from '../../../i18n/words.ts'

export const historyWords = dictionary(
  {
    inForce: 'In force',
    by: (author: string) => `by ${author}`,
    shown: (version: number) => `What version ${version} changed`,
    first: 'The first version.',
    compareTo: (version: number) => `against version ${version}`,
    rollback: 'Roll back to this',
    rollbackTitle: (version: number) => `Roll back to version ${version}?`,
    rollbackText: 'Its text becomes a new version and is in force at once.',
    rolledBack: 'Rolled back.',
    note: 'Note for the history (may be empty)',
    versions: 'Versions',
    alreadyInForce: 'This version is in force.',
  },
  {
    inForce: '시행 중',
    by: author => `작성: ${author}`,
    shown: version => `버전 ${version}의 변경 내용`,
    first: '첫 버전입니다.',
    compareTo: version => `버전 ${version} 대비`,
    rollback: '이 버전으로 되돌리기',
    rollbackTitle: version => `버전 ${version}(으)로 되돌릴까요?`,
    rollbackText: '이 버전의 내용이 새 버전이 되어 즉시 시행됩니다.',
    rolledBack: '되돌렸습니다.',
    note: '기록에 남길 메모 (비워도 됩니다)',
    versions: '버전',
    alreadyInForce: '이미 시행 중인 버전입니다.',
  },
)
