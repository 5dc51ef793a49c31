//! The mark that every saved picture carries: an XMP packet that says it is synthetic and by what it was made.

use std::fmt::Write;

/// How much of a picture a model made, in the terms of the IPTC's "digital source type".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// All of it: a decoded face.
    Generated,
    /// A part of it: a decoded face put back into a photograph.
    Composite,
}

impl Origin {
    /// The IPTC's address of this source type.
    pub fn uri(self) -> &'static str {
        match self {
            Self::Generated => "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            Self::Composite => "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
        }
    }
}

/// What a saved picture says about itself. Nothing of a photograph's own metadata is ever among it.
#[derive(Clone, Copy, Debug)]
pub struct Provenance<'a> {
    pub origin: Origin,
    /// What made the picture: the subcommand, or the panel's name.
    pub command: &'a str,
    /// Name of the model that decoded it.
    pub model: &'a str,
}

/// Longest command and model name that is written, in characters: a JPEG segment ends at 64 kilobytes.
const LONGEST: usize = 2000;

/// The XMP packet for a picture.
pub(super) fn packet(about: &Provenance) -> String {
    let origin = about.origin.uri();
    let tool = concat!("facespace ", env!("CARGO_PKG_VERSION"));
    let (command, model) = (escaped(about.command), escaped(about.model));
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
   <Iptc4xmpExt:DigitalSourceType>{origin}</Iptc4xmpExt:DigitalSourceType>
   <xmp:CreatorTool>{tool}</xmp:CreatorTool>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">Synthetic face made by {tool}: {command}, model {model}</rdf:li></rdf:Alt></dc:description>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"#,
        bom = '\u{feff}',
    )
}

/// Text that may stand in XML: its own signs as entities, what XML forbids as a replacement character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().take(LONGEST) {
        match c {
            '&' | '<' | '>' | '"' | '\'' => write!(out, "&#{};", u32::from(c)).expect("a String takes every write"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}
