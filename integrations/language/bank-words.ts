import type { Thesaurus } from '../../engine/ports/thesaurus.ts';

/**
 * What callers of a bank in China say for the same thing, written for this project: in each row words that mean alike, the first names them. A
 * word may be in several rows. Words of one character stand only where they mean little else.
 */
const ROWS = [
  // Accounts and what is on them
  '余额 余款 结余 余下 还剩 剩下 剩多少 还有多少 有多少钱 账上 账面 可用余额 账户余额',
  '明细 流水 账目 收支 交易记录 消费记录 转账记录 往来账 对账单 花了 花在 支出 开销',
  '入账 进账 到账 收入 工资 打进来 转进来',
  '资料 信息 个人信息 联系方式 预留 登记的',
  '手机号 电话号码 手机号码 号码 邮箱 地址 住址 单位',
  '证件 身份证 护照',
  '过期 到期 失效 有效期',
  '更改 修改 变更 改成 改一下 更新 换成 换了',
  // Moving money
  '转账 汇款 打钱 打款 转钱 汇钱 划款 寄钱 转给 汇给 打给 付给 转出 汇出 跨行',
  '没到 没到账 未到账 还没到 没收到 没有收到 收不到 处理中 卡在',
  '撤销 撤回 取消 追回 退回 转错 汇错',
  // Cards
  '信用卡 贷记卡',
  '借记卡 银行卡 储蓄卡 工资卡',
  '丢失 丢了 遗失 不见了 找不到 找不着 弄丢 掉了 落在 没了 丢卡',
  '被盗 被偷 偷了 偷走',
  '挂失 冻结 锁卡 停用 止付',
  '补卡 补办 重新办 换卡',
  '申办 申请 办卡 办张 办一张 开卡 领一张 申领 新卡',
  '进度 审批 审核 批下来 批了 批准 通过 办到哪 到哪一步',
  '邮寄 寄出 寄到 快递 寄送',
  '激活 启用 开通',
  '注销 销户 销卡 退卡 关掉 销掉 停掉 不想用 不要了 不用了',
  // What is owed
  '账单 账单日 本期 上期 这期 出账',
  '欠款 应还 该还 要还 欠多少 欠了 最低还款额',
  '还款 还钱 还清 还上 还账 自动还款 最低还款 全额还款 还款日',
  '逾期 晚还 迟还 还不上 忘记还 忘了还',
  '分期 几期 期数 分几个月 分几期 分月 分开还 慢慢还',
  '额度 限额 信用额度 临时额度 固定额度 上限 最多能 最多可以 最高',
  '提高 调高 提升 增加 提额 涨 加大',
  '贷款 借款 借钱 借点 贷点 房贷 按揭 车贷 消费贷 信用贷 抵押 经营贷 周转',
  '还贷 月供 还贷款 还房贷 贷款还 提前还 提前结清 剩余本金 提前还款',
  // What it costs and brings
  '费用 手续费 年费 收费 工本费 管理费 服务费 短信费 收钱 要钱 免费 怎么收',
  '利率 利息 年利率 几个点 收益率',
  '存款 定期 活期 存钱 定存 大额存单 存一年 三年期',
  '理财 基金 投资 国债 黄金 净值 收益 保本 赎回 申购 闲钱',
  '积分 兑换 礼品 里程 换礼品 换东西',
  '外汇 外币 汇率 购汇 结汇 换汇 牌价 美元 美金 欧元 日元 英镑 港币 境外 出国 留学',
  // Secrets
  '密码 口令 取款密码 支付密码 登录密码 交易密码',
  '忘记 忘了 记不得 记不住 想不起来 输错',
  '锁定 锁住 锁了 被锁 解锁',
  '重置 改密 找回',
  // Where and how
  '手机银行 网银 网上银行 电子银行 app 客户端 软件',
  '登录 登陆 登不上 登不了 进不去 打不开 闪退',
  '验证码 u盾 短信验证码 动态码',
  '网点 支行 分行 营业厅 柜台 营业部',
  '营业时间 几点开门 几点关门 几点上班 几点下班 上班 下班 周末 周六 周日 开门 关门',
  '附近 最近的 在哪里 哪里有 怎么走 哪儿',
  '取款机 atm 自动取款机 自助机 存款机 柜员机 自助银行 机器',
  '吞卡 吞了 吃卡 吃了 卡被吞 不吐',
  '吐钞 没吐 没出钱 没出来 少吐 假钞',
  // What went wrong
  '盗刷 不是我 没刷 没消费 不是本人 不认识 陌生 可疑 异常',
  '多扣 重复扣 扣了两次 乱扣 错扣 莫名 扣了',
  '诈骗 骗子 骗了 被骗',
  '退款 退钱 退货',
  '投诉 举报 意见 反映 不满 态度 太差 差劲 不满意 骂人 领导 经理',
  '人工 客服 座席 坐席 真人 活人 接线员 服务员 工作人员 转人工',
  '失败 不成功 不行 不能用 用不了 出错 报错 没反应 不上',
  // What is asked
  '查询 看看 看一下 查一下 看下 查查 了解',
  '如何 怎么 怎样 咋 怎么办',
  '何时 什么时候 多久 几天 多长时间 哪天 几号',
].map((row) => row.split(' '));

const CONCEPTS: ReadonlyMap<string, readonly string[]> = ROWS.reduce((concepts, [concept = '', ...words]) => {
  for (const word of [concept, ...words]) concepts.set(word, [...(concepts.get(word) ?? []), concept]);
  return concepts;
}, new Map<string, string[]>());
const FIRST = new Set([...CONCEPTS.keys()].map((word) => word[0]));
const LONGEST = Math.max(...[...CONCEPTS.keys()].map((word) => word.length));

/** The words of bank hotlines, in Mandarin. */
export const bankWords: Thesaurus = {
  name: 'bank-zh-1',
  conceptsOf(text) {
    const plain = text.normalize('NFKC').toLowerCase();
    const found: string[] = [];
    for (let begin = 0; begin < plain.length; begin += 1) {
      if (!FIRST.has(plain[begin])) continue;
      for (let end = begin + 1; end <= Math.min(plain.length, begin + LONGEST); end += 1) found.push(...(CONCEPTS.get(plain.slice(begin, end)) ?? []));
    }
    return found;
  },
};
