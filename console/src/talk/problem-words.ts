import { words } from '../base/words.ts'

/** What is the matter, in a few words. */
export const PROBLEM_TITLES = words(
  {
    'insecure-context': 'This page cannot use the microphone',
    'microphone-refused': 'The microphone is blocked',
    'microphone-missing': 'No microphone was found',
    'microphone-busy': 'The microphone cannot be opened',
    'microphone-lost': 'The microphone is gone',
    'server-gone': 'The server does not answer',
    unavailable: 'The server cannot take a call right now',
    'token-refused': 'This call may not be joined any more',
    'channel-gone': 'The call is over',
    'media-blocked': 'Sound cannot reach the server',
    refused: 'The server refused the call',
    'agent-failed': 'The agent has a problem',
    idle: 'The agent hung up',
    'takeover-ended': 'The conversation is over',
    'agent-left': 'The call was ended',
    'closed-by-server': 'The call was ended',
    'connection-lost': 'The connection was lost',
    'request-refused': 'The server refused the request',
  },
  {
    'insecure-context': '此页面无法使用麦克风',
    'microphone-refused': '麦克风被禁用',
    'microphone-missing': '未找到麦克风',
    'microphone-busy': '无法打开麦克风',
    'microphone-lost': '麦克风已断开',
    'server-gone': '服务器没有响应',
    unavailable: '服务器暂时无法接听',
    'token-refused': '已无法加入此通话',
    'channel-gone': '通话已结束',
    'media-blocked': '声音无法到达服务器',
    refused: '服务器拒绝了通话',
    'agent-failed': '智能体出现问题',
    idle: '智能体已挂断',
    'takeover-ended': '对话已结束',
    'agent-left': '通话已结束',
    'closed-by-server': '通话已结束',
    'connection-lost': '连接已断开',
    'request-refused': '服务器拒绝了请求',
  },
)

/** How it came about, and what can be done. */
export const PROBLEM_TEXTS = words(
  {
    'insecure-context':
      'Browsers give a microphone only to pages on localhost or over https. Open the page on the machine ' +
      'that runs the server, or set ANTIPHON_TLS_CERT and ANTIPHON_TLS_KEY.',
    'microphone-refused':
      'Allow it for this page, usually by the icon beside the address, then start the call again.',
    'microphone-missing':
      'Connect one, or switch it on in the settings of your system, then start the call again.',
    'microphone-busy':
      'Another program may be using it. Close that program, then start the call again.',
    'microphone-lost':
      'It was unplugged or switched off. Plug one in and it is used at once; until then you can write.',
    'server-gone':
      'It may have been stopped, or the network is down. Check that it is running, then try again.',
    unavailable: 'All lines are busy, or it is still starting. Try again in a moment.',
    'token-refused': 'Its permission has expired. Start a new call.',
    'channel-gone': 'The server has ended it. Start a new one when you like.',
    'media-blocked':
      'The server answers, but no media comes through. A firewall or VPN may block UDP between here and it.',
    refused: 'Its log says why. If the page is old, reload it and try again.',
    'agent-failed': 'It may not hear you or answer for a while.',
    idle: 'Nobody had said anything for a while.',
    'takeover-ended': 'The person who took over has left.',
    'agent-left': 'Call again whenever you like.',
    'closed-by-server': 'It was stopped at the server, or joined from another page.',
    'connection-lost': 'The server could not be reached for a while, so the call is over.',
    'request-refused': 'What it said:',
  },
  {
    'insecure-context':
      '浏览器只允许 localhost 或 https 页面使用麦克风。请在运行服务器的机器上打开本页，或设置 ANTIPHON_TLS_CERT 和 ' +
      'ANTIPHON_TLS_KEY。',
    'microphone-refused': '请允许本页使用麦克风（通常点击地址栏旁的图标），然后重新呼叫。',
    'microphone-missing': '请连接麦克风，或在系统设置中启用，然后重新呼叫。',
    'microphone-busy': '可能有其他程序正在使用它。请关闭该程序，然后重新呼叫。',
    'microphone-lost': '它已被拔出或关闭。插入麦克风后会立即使用，在此之前可以输入文字。',
    'server-gone': '服务器可能已停止，或网络中断。请确认其正在运行后重试。',
    unavailable: '线路已满，或服务器仍在启动。请稍后重试。',
    'token-refused': '其授权已过期，请开始新的通话。',
    'channel-gone': '服务器已结束该通话，可随时开始新的通话。',
    'media-blocked': '服务器有响应，但媒体无法通过。防火墙或 VPN 可能阻止了 UDP。',
    refused: '原因见服务器日志。如果页面已久未刷新，请刷新后重试。',
    'agent-failed': '它可能暂时听不到或无法回答。',
    idle: '有一段时间没有人说话。',
    'takeover-ended': '接管通话的人已离开。',
    'agent-left': '可随时再次呼叫。',
    'closed-by-server': '通话在服务器端被停止，或已从其他页面加入。',
    'connection-lost': '服务器有一段时间无法连接，通话因此结束。',
    'request-refused': '服务器返回：',
  },
)
