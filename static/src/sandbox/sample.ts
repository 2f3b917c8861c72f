/** A picture to send for who has none at hand: a cup, drawn here. */

const WIDTH = 480
const HEIGHT = 360

export async function samplePicture(): Promise<Blob> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT)
  const draw = canvas.getContext('2d')
  if (!draw) throw new Error('no canvas')
  const sky = draw.createLinearGradient(0, 0, 0, HEIGHT)
  sky.addColorStop(0, '#f4efe4')
  sky.addColorStop(1, '#d9cfbb')
  draw.fillStyle = sky
  draw.fillRect(0, 0, WIDTH, HEIGHT)
  draw.fillStyle = '#c3b699'
  draw.fillRect(0, 262, WIDTH, 98)
  draw.fillStyle = 'rgb(60 50 30 / 0.18)'
  draw.beginPath()
  draw.ellipse(240, 286, 120, 16, 0, 0, 7)
  draw.fill()
  const glaze = draw.createLinearGradient(150, 0, 330, 0)
  glaze.addColorStop(0, '#6fa295')
  glaze.addColorStop(0.4, '#a9cfc3')
  glaze.addColorStop(1, '#5d8f83')
  draw.fillStyle = glaze
  draw.beginPath()
  draw.moveTo(150, 120)
  draw.bezierCurveTo(154, 240, 190, 286, 240, 286)
  draw.bezierCurveTo(290, 286, 326, 240, 330, 120)
  draw.fill()
  draw.fillStyle = '#87b8ab'
  draw.beginPath()
  draw.ellipse(240, 120, 90, 22, 0, 0, 7)
  draw.fill()
  draw.fillStyle = '#8a5a2b'
  draw.beginPath()
  draw.ellipse(240, 124, 76, 15, 0, 0, 7)
  draw.fill()
  return canvas.convertToBlob({ type: 'image/png' })
}
