//! Temporary: archives until the object model's reader lands.
pub struct Entry<'a> {
    pub name: &'a [u8],
    pub member: u32,
}
pub struct Member<'a> {
    pub name: &'a [u8],
    pub data: &'a [u8],
}
pub struct Archive<'a> {
    pub symbols: Vec<Entry<'a>>,
    pub members: Vec<Member<'a>>,
}
impl<'a> Archive<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Archive<'a>, String> {
        let mut at = 8;
        let (mut members, mut offs, mut index, mut long): (Vec<Member>, Vec<usize>, &[u8], &[u8]) =
            (vec![], vec![], &[], &[]);
        while at + 60 <= bytes.len() {
            let h = &bytes[at..at + 60];
            let size: usize = std::str::from_utf8(&h[48..58])
                .map_err(|e| e.to_string())?
                .trim()
                .parse()
                .map_err(|_| "size".to_string())?;
            let data = bytes.get(at + 60..at + 60 + size).ok_or("cut")?;
            let name = &h[..16];
            if name.starts_with(b"/ ") {
                index = data
            } else if name.starts_with(b"// ") {
                long = data
            } else {
                let name = if name[0] == b'/' {
                    let o: usize = std::str::from_utf8(&name[1..]).unwrap_or("0").trim().parse().map_err(|_| "name")?;
                    let rest = long.get(o..).ok_or("name")?;
                    &rest[..rest.iter().position(|&b| b == b'/').unwrap_or(0)]
                } else {
                    &name[..name.iter().position(|&b| b == b'/').unwrap_or(16)]
                };
                offs.push(at);
                members.push(Member { name, data });
            }
            at += 60 + size + (size & 1);
        }
        let mut symbols = vec![];
        if index.len() >= 4 {
            let be = |o: usize| u32::from_be_bytes(index[o..o + 4].try_into().unwrap()) as usize;
            let n = be(0);
            let mut p = 4 + 4 * n;
            for i in 0..n {
                let m = offs.binary_search(&be(4 + 4 * i)).map_err(|_| "index")? as u32;
                let e = index[p..].iter().position(|&b| b == 0).ok_or("index")?;
                symbols.push(Entry { name: &index[p..p + e], member: m });
                p += e + 1;
            }
        }
        Ok(Archive { symbols, members })
    }
}
