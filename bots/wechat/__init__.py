"""Door: WeChat XML becomes Incoming, messages become passive replies, kefu or template messages, through wechatpy."""
