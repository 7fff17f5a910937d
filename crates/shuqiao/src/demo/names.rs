//! Word lists of our own, from which names and addresses are put together. Common ones stand in front.

use super::chance::Chance;

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "罗",
    "高", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "于",
    "余", "叶", "蒋", "杜", "苏", "魏", "程", "吕", "丁", "任", "沈", "姚", "卢", "姜", "崔", "钟", "谭", "陆", "汪",
    "范", "金", "石", "廖", "贾", "夏", "韦", "付", "方", "白", "邹", "孟", "熊", "秦", "邱", "江", "尹", "薛", "闫",
    "段", "雷", "侯", "龙", "史", "陶", "黎", "贺", "顾", "毛", "郝", "龚", "邵", "万", "钱", "严", "覃", "武", "戴",
    "莫", "孔", "向", "汤", "欧阳", "上官", "令狐", "冉", "娄", "犹", "禄", "安", "敖", "申", "骆",
];

const GIVEN_MALE: &[&str] = &[
    "伟", "强", "勇", "军", "杰", "涛", "明", "超", "刚", "平", "辉", "鹏", "华", "飞", "鑫", "波", "斌", "宇", "浩",
    "凯", "健", "俊", "帆", "帅", "旭", "宁", "龙", "林", "欢", "阳", "建国", "志强", "国庆", "文博", "子轩", "浩然",
    "宇航", "天佑", "家豪", "正华", "光明", "德胜", "永福", "世杰", "泽宇", "俊杰", "明轩", "思远", "景行", "致远",
    "海涛", "立新", "小龙", "昌荣", "开贵", "应祥", "䶮",
];

const GIVEN_FEMALE: &[&str] = &[
    "芳", "娜", "敏", "静", "秀英", "丽", "艳", "娟", "霞", "燕", "玲", "丹", "萍", "红", "玉兰", "桂英", "雪", "婷",
    "倩", "颖", "梅", "琴", "云", "莉", "慧", "洁", "欣怡", "梓涵", "诗涵", "雨桐", "晓梅", "春花", "秀兰", "建华",
    "淑珍", "佳怡", "思雨", "可馨", "若曦", "语嫣", "美玲", "冬梅", "小燕", "桂花", "仕英", "光碧", "世芬", "廷香",
    "玥", "珺",
];

/// Ethnic groups (民族) as they live in the demo's city, common ones in front.
const ETHNIC_GROUPS: &[&str] =
    &["汉族", "汉族", "汉族", "汉族", "苗族", "土家族", "仡佬族", "布依族", "侗族", "彝族", "回族"];

const ROADS: &[&str] = &[
    "人民路",
    "中华路",
    "新华路",
    "解放路",
    "建设路",
    "香港路",
    "南京路",
    "上海路",
    "北京路",
    "广州路",
    "民主路",
    "凤凰路",
    "迎宾大道",
    "湘江大道",
    "学院路",
    "文化路",
    "滨河路",
    "公园路",
    "桃溪路",
    "银河路",
];

const VILLAGES: &[&str] =
    &["幸福", "团结", "红旗", "青山", "双河", "龙塘", "新民", "和平", "前进", "大桥", "石门", "茶山", "长征", "清泉"];

const BRANDS: &[&str] = &[
    "云岭", "黔源", "播州", "鸿泰", "恒达", "金瑞", "华盛", "㙦头", "兴隆", "天和", "永信", "锦程", "博远", "正大",
    "汇茂", "众合", "绿野", "山水", "启航", "宏图", "佳禾", "纪元", "东升", "瑞祥", "卓越", "鼎盛", "同心", "万里",
    "春晖", "茂源",
];

/// A person's name.
pub(crate) fn person(chance: &mut Chance, male: bool) -> String {
    let surname = chance.pick_common(SURNAMES);
    let given = chance.pick_common(if male { GIVEN_MALE } else { GIVEN_FEMALE });
    format!("{surname}{given}")
}

/// An ethnic group.
pub(crate) fn ethnic_group(chance: &mut Chance) -> &'static str {
    chance.pick_common(ETHNIC_GROUPS)
}

/// The brand in an enterprise's name.
pub(crate) fn brand(chance: &mut Chance) -> &'static str {
    chance.pick_common(BRANDS)
}

/// A place inside a county, in town or in a village.
pub(crate) fn place(chance: &mut Chance) -> String {
    if chance.percent(60) {
        let road = chance.pick_common(ROADS);
        let (number, building) = (chance.between(1, 399), chance.between(1, 12));
        let room = chance.between(1, 30) * 100 + chance.between(1, 6);
        format!("{road}{number}号{building}栋{room}室")
    } else {
        let village = chance.pick_common(VILLAGES);
        let (group, number) = (chance.between(1, 15), chance.between(1, 90));
        format!("{village}村{group}组{number}号")
    }
}

/// A telephone number in the form of a mobile one, with a start (154) that no operator has been given.
pub(crate) fn telephone(chance: &mut Chance) -> String {
    format!("154{:08}", chance.below(100_000_000))
}
