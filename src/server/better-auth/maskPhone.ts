/** The last two digits, so that a person knows which phone to look at. */
export const maskPhone = (phone: string): string => phone.replace(/\d(?=\d\d)/g, '•')
