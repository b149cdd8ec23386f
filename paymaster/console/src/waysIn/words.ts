// Signing in, and having a way back in.
import { dictionary } from '../i18n/words.ts'

export const waysInWords = dictionary(
  {
    title: 'Sign in',
    intro: 'The console of the paymaster that runs here.',
    byPasskey: 'Sign in with a passkey',
    byWallet: (name: string) => (name === '' ? 'Sign in with a wallet' : `Sign in with ${name}`),
    byLink: 'Signing in by the link',
    newLink:
      'No passkey or wallet yet? The service prints a sign-in link when it starts for the first time. Later, this makes a new one:',
    newLinkCommand: 'worldland-paymaster sign-in-link',
    askAdmin: 'Or ask an admin for an invitation.',
    noWallet: 'No wallet was found in this browser.',
    or: 'or',
    refusedTitle: 'Not signed in',
    refusedByPerson:
      'Nothing was signed. It was cancelled, or there is no passkey for this console on this device.',
    refusedInWallet: 'Nothing was signed: the wallet said no.',
    obstacles: {
      address:
        'Passkeys work only where the console has a name. Open it by that name (on this machine: localhost), not by an address.',
      insecure: 'Passkeys work only over TLS (https). Open the console by its https address.',
      unsupported: 'This browser knows no passkeys. Use a newer one, or a wallet.',
    },
    openByName: 'Open by name',
    noWayIn: 'You have no way back in',
    noWayInText:
      'You came by a link that is good for one sign-in. Add a passkey or a wallet before this session ends.',
    add: 'Add a way in',
    addTitle: 'Add a way in',
    addPasskeyTitle: 'Passkey',
    addPasskeyText: 'A key in this device or in your password manager. You sign in by finger, face or PIN.',
    passkeyName: 'Name, so that you know it again',
    passkeyNamePlaceholder: 'Laptop',
    addPasskey: 'Make a passkey',
    addWalletTitle: 'Wallet',
    addWalletText: 'You sign a message; it costs nothing and sends nothing.',
    addWallet: (name: string) => (name === '' ? 'Add the wallet' : `Add ${name}`),
    added: 'Added. You can sign in with it from now on.',
  },
  {
    title: '로그인',
    intro: '이곳에서 실행 중인 페이마스터의 콘솔입니다.',
    byPasskey: '패스키로 로그인',
    byWallet: name => (name === '' ? '지갑으로 로그인' : `${name}(으)로 로그인`),
    byLink: '링크로 로그인하는 중',
    newLink:
      '패스키나 지갑이 아직 없나요? 서비스를 처음 시작하면 로그인 링크가 출력됩니다. 이후에는 다음 명령으로 새 링크를 만들 수 있습니다.',
    newLinkCommand: 'worldland-paymaster sign-in-link',
    askAdmin: '또는 관리자에게 초대를 요청하세요.',
    noWallet: '이 브라우저에서 지갑을 찾지 못했습니다.',
    or: '또는',
    refusedTitle: '로그인하지 못했습니다',
    refusedByPerson: '서명하지 않았습니다. 취소했거나, 이 기기에 이 콘솔용 패스키가 없습니다.',
    refusedInWallet: '서명하지 않았습니다. 지갑에서 거절했습니다.',
    obstacles: {
      address:
        '패스키는 이름이 있는 주소에서만 쓸 수 있습니다. IP 주소가 아니라 이름(이 기기에서는 localhost)으로 콘솔을 여세요.',
      insecure: '패스키는 TLS(https)에서만 쓸 수 있습니다. https 주소로 콘솔을 여세요.',
      unsupported: '이 브라우저는 패스키를 지원하지 않습니다. 최신 브라우저나 지갑을 사용하세요.',
    },
    openByName: '이름으로 열기',
    noWayIn: '다시 로그인할 방법이 없습니다',
    noWayInText:
      '한 번만 쓸 수 있는 링크로 로그인했습니다. 이 세션이 끝나기 전에 패스키나 지갑을 추가하세요.',
    add: '로그인 수단 추가',
    addTitle: '로그인 수단 추가',
    addPasskeyTitle: '패스키',
    addPasskeyText: '이 기기나 비밀번호 관리자에 보관되는 키입니다. 지문, 얼굴 또는 PIN으로 로그인합니다.',
    passkeyName: '알아볼 수 있는 이름',
    passkeyNamePlaceholder: '노트북',
    addPasskey: '패스키 만들기',
    addWalletTitle: '지갑',
    addWalletText: '메시지에 서명하기만 합니다. 비용이 들지 않고 아무것도 전송하지 않습니다.',
    addWallet: name => (name === '' ? '지갑 추가' : `${name} 추가`),
    added: '추가했습니다. 이제 이 수단으로 로그인할 수 있습니다.',
  },
)
