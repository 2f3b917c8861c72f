// What shoppers write: about a hundred characters of letters, or a shop's questions in Chinese.

const letter = (i) => (i % 7 === 6 ? ' ' : String.fromCharCode(97 + (i * 5) % 26));
const LATIN = Array.from({ length: 100 }, (_, i) => letter(i)).join('');

const CHINESE = [
  '你好，我昨天晚上下的单，订单到现在还没有发货，请问什么时候可以发出来？',
  '这件衣服我身高一米六五体重一百零五斤，应该穿什么码数比较合适？',
  '收到的东西和图片颜色不一样，可以退货吗，运费谁来承担？',
  '物流信息三天没有更新了，能不能帮我催一下快递？',
  '我想开一张公司抬头的电子发票，需要提供哪些资料？',
  '刚才付款的时候忘记用优惠券了，现在还能补上吗？',
  '地址填错了，请帮我改成新的收货地址，谢谢。',
  '会员积分怎么用，可以抵扣多少钱？',
];

/** The text of message number n, without its id. */
export function sentences(language) {
  if (language === 'latin') return () => LATIN;
  if (language === 'chinese') return (n) => CHINESE[n % CHINESE.length];
  throw new Error(`--language ${language}: latin or chinese`);
}
