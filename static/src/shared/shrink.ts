/** Makes a photo small enough for a bad network before it is sent; whatever cannot be drawn here goes
 * as it is, for the server to decide. */

const LONGEST = 1_600
const WORTH_IT = 300_000
const QUALITY = 0.85

/** Moving pictures would stand still, and other files are not pictures. */
export async function shrink(file: File): Promise<File> {
  if (!/^image\/(?!gif)/.test(file.type) || file.size < WORTH_IT) return file
  try {
    const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
    const { width, height } = picture
    const part = Math.min(1, LONGEST / Math.max(width, height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(width * part)
    canvas.height = Math.round(height * part)
    const paper = canvas.getContext('2d')!
    paper.fillStyle = '#fff'
    paper.fillRect(0, 0, canvas.width, canvas.height)
    paper.drawImage(picture, 0, 0, canvas.width, canvas.height)
    picture.close()
    const smaller = await new Promise<Blob | null>((give) =>
      canvas.toBlob(give, 'image/jpeg', QUALITY))
    if (!smaller || smaller.size >= file.size) return file
    return new File([smaller], file.name.replace(/\.\w+$|$/, '.jpg'), { type: 'image/jpeg' })
  } catch {
    return file
  }
}
