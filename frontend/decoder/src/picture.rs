//! Grey pictures and the few operations that help a reader.

/// A grey picture, one byte a pixel, row by row.
pub(crate) struct Picture {
    width: usize,
    height: usize,
    luma: Vec<u8>,
}

impl Picture {
    /// `None` when the pixels are not `width * height` of them or there are none.
    pub(crate) fn new(width: usize, height: usize, luma: &[u8]) -> Option<Self> {
        let pixels = width.checked_mul(height)?;
        (pixels > 0 && pixels == luma.len()).then(|| Self { width, height, luma: luma.to_vec() })
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    pub(crate) fn longer_side(&self) -> usize {
        self.width.max(self.height)
    }

    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        self.luma[y * self.width + x]
    }

    /// Half the size; each pixel is the mean of four, so single-pixel noise fades.
    pub(crate) fn halved(&self) -> Self {
        let (width, height) = ((self.width / 2).max(1), (self.height / 2).max(1));
        let mut luma = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let (right, below) = ((2 * x + 1).min(self.width - 1), (2 * y + 1).min(self.height - 1));
                let sum = u16::from(self.at(2 * x, 2 * y))
                    + u16::from(self.at(right, 2 * y))
                    + u16::from(self.at(2 * x, below))
                    + u16::from(self.at(right, below));
                luma.push(u8::try_from(sum / 4).expect("the mean of four bytes is a byte"));
            }
        }
        Self { width, height, luma }
    }

    /// Light for dark: a dark-mode screen may show a code the wrong way round.
    pub(crate) fn inverted(&self) -> Self {
        Self { width: self.width, height: self.height, luma: self.luma.iter().map(|grey| 255 - grey).collect() }
    }
}
